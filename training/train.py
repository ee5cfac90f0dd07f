#!/usr/bin/env python3
"""Optimises the small embedded model on the examples that DataMain wrote, and exports safetensors.

The model is a decoder of the qwen2/MiMo architecture: RMS norm, query/key/value bias, rotary position
embedding (halves), grouped-query attention, gated SiLU feed-forward, tied head. Loss is taken on the
answers only. The learning rate follows the share of the time given, so that a run always ends annealed.

    python3 train.py --data DIR --out DIR --minutes 60
"""
import argparse
import json
import math
import os
import random
import struct
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def read(path):
    """The examples of a .bin file as (prompt, answer) pairs of token lists."""
    raw = np.fromfile(path, dtype='>u2').astype(np.int64)
    examples, at = [], 0
    while at < len(raw):
        p, a = raw[at], raw[at + 1]
        at += 2
        examples.append((raw[at:at + p], raw[at + p:at + p + a]))
        at += p + a
    return examples


class RmsNorm(nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, h, k, n = c['hidden_size'], c['num_attention_heads'], c['num_key_value_heads'], c['head_dim']
        self.h, self.k, self.n = h, k, n
        self.input_layernorm = RmsNorm(d, c['rms_norm_eps'])
        self.post_attention_layernorm = RmsNorm(d, c['rms_norm_eps'])
        self.qkv = nn.Linear(d, (h + 2 * k) * n)
        self.o_proj = nn.Linear(h * n, d, bias=False)
        self.gate_up = nn.Linear(d, 2 * c['intermediate_size'], bias=False)
        self.down_proj = nn.Linear(c['intermediate_size'], d, bias=False)

    def forward(self, x, cos, sin, mask, drop):
        b, t, d = x.shape
        qkv = self.qkv(self.input_layernorm(x)).view(b, t, self.h + 2 * self.k, self.n)
        rotated = qkv[:, :, :self.h + self.k]
        a, c = rotated.chunk(2, -1)
        rotated = torch.cat([a * cos - c * sin, a * sin + c * cos], -1)
        q = rotated[:, :, :self.h].transpose(1, 2)
        k = rotated[:, :, self.h:].transpose(1, 2).repeat_interleave(self.h // self.k, 1)
        v = qkv[:, :, self.h + self.k:].transpose(1, 2).repeat_interleave(self.h // self.k, 1)
        w = (q @ k.transpose(-1, -2)) / math.sqrt(self.n) + mask
        o = (w.softmax(-1) @ v).transpose(1, 2).reshape(b, t, self.h * self.n)
        x = x + F.dropout(self.o_proj(o), drop, self.training)
        gate, up = self.gate_up(self.post_attention_layernorm(x)).chunk(2, -1)
        return x + F.dropout(self.down_proj(F.silu(gate) * up), drop, self.training)


class Model(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.embed_tokens = nn.Embedding(c['vocab_size'], c['hidden_size'])
        self.layers = nn.ModuleList(Layer(c) for _ in range(c['num_hidden_layers']))
        self.norm = RmsNorm(c['hidden_size'], c['rms_norm_eps'])
        for name, p in self.named_parameters():
            if p.dim() == 2:
                std = 0.02 if 'embed' in name else p.shape[1] ** -0.5
                if name.endswith(('o_proj.weight', 'down_proj.weight')):
                    std /= math.sqrt(2 * c['num_hidden_layers'])
                nn.init.normal_(p, std=std)
            elif name.endswith('bias'):
                nn.init.zeros_(p)
        half = c['head_dim'] // 2
        angles = torch.arange(512.0)[:, None] * c['rope_theta'] ** (-torch.arange(half) / half)[None]
        self.register_buffer('cos', angles.cos()[None, :, None], persistent=False)
        self.register_buffer('sin', angles.sin()[None, :, None], persistent=False)
        self.register_buffer('mask', torch.triu(torch.full((512, 512), -1e30), 1), persistent=False)

    def forward(self, tokens, chosen, drop=0.0):
        """Logits at the chosen positions (a boolean mask)."""
        t = tokens.shape[1]
        x = self.embed_tokens(tokens)
        for layer in self.layers:
            x = layer(x, self.cos[:, :t], self.sin[:, :t], self.mask[:t, :t], drop)
        return self.norm(x[chosen]) @ self.embed_tokens.weight.T


def batch(examples):
    """Tokens, targets and the mask of positions whose next token is part of an answer."""
    longest = max(len(p) + len(a) for p, a in examples)
    tokens = np.zeros((len(examples), longest), np.int64)
    wanted = np.zeros((len(examples), longest), bool)
    for i, (p, a) in enumerate(examples):
        tokens[i, :len(p)] = p
        tokens[i, len(p):len(p) + len(a)] = a
        wanted[i, len(p) - 1:len(p) + len(a) - 1] = True
    tokens = torch.from_numpy(tokens)
    wanted = torch.from_numpy(wanted)
    targets = torch.roll(tokens, -1, 1)[wanted]
    return tokens, wanted, targets


@torch.no_grad()
def exact(model, examples):
    """Share of examples whose whole answer is what greedy decoding gives, and the mean loss."""
    model.eval()
    right, loss, count = 0, 0.0, 0
    for i in range(0, len(examples), 128):
        part = sorted(examples[i:i + 128], key=lambda e: len(e[0]) + len(e[1]))
        tokens, wanted, targets = batch(part)
        logits = model(tokens, wanted)
        loss += F.cross_entropy(logits, targets, reduction='sum').item()
        count += len(targets)
        hit = (logits.argmax(-1) == targets).numpy()
        owner = torch.nonzero(wanted)[:, 0].numpy()
        right += len(part) - len(set(owner[~hit]))
    model.train()
    return right / len(examples), loss / count


def export(model, folder, data):
    """Writes config.json and model.safetensors under the names of MiMo's checkpoints."""
    c = model.c
    h, k, n = c['num_attention_heads'], c['num_key_value_heads'], c['head_dim']
    out = {'model.embed_tokens.weight': model.embed_tokens.weight, 'model.norm.weight': model.norm.weight}
    for i, layer in enumerate(model.layers):
        p = f'model.layers.{i}.'
        for part, at, size in (('q', 0, h * n), ('k', h * n, k * n), ('v', (h + k) * n, k * n)):
            out[f'{p}self_attn.{part}_proj.weight'] = layer.qkv.weight[at:at + size]
            out[f'{p}self_attn.{part}_proj.bias'] = layer.qkv.bias[at:at + size]
        out[f'{p}self_attn.o_proj.weight'] = layer.o_proj.weight
        gate, up = layer.gate_up.weight.chunk(2, 0)
        out[f'{p}mlp.gate_proj.weight'], out[f'{p}mlp.up_proj.weight'] = gate, up
        out[f'{p}mlp.down_proj.weight'] = layer.down_proj.weight
        out[f'{p}input_layernorm.weight'] = layer.input_layernorm.weight
        out[f'{p}post_attention_layernorm.weight'] = layer.post_attention_layernorm.weight
    header, at, blobs = {}, 0, []
    for name, tensor in out.items():
        blob = np.ascontiguousarray(tensor.detach().numpy(), '<f4').tobytes()
        header[name] = {'dtype': 'F32', 'shape': list(tensor.shape), 'data_offsets': [at, at + len(blob)]}
        at += len(blob)
        blobs.append(blob)
    head = json.dumps(header).encode()
    head += b' ' * (-len(head) % 8)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'model.safetensors'), 'wb') as f:
        f.write(struct.pack('<Q', len(head)) + head + b''.join(blobs))
    with open(os.path.join(folder, 'config.json'), 'w') as f:
        json.dump(c, f, indent=1)
    for name in ('tokenizer.json', 'chat_template.jinja'):
        with open(os.path.join(data, name), encoding='utf-8') as f:
            text = f.read()
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
            f.write(text)


def main():
    p = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument('--data', required=True)
    p.add_argument('--out', required=True)
    p.add_argument('--minutes', type=float, default=60)
    p.add_argument('--batch', type=int, default=64)
    p.add_argument('--rate', type=float, default=2e-3)
    p.add_argument('--drop', type=float, default=0.0)
    p.add_argument('--threads', type=int, default=2)
    p.add_argument('--bf16', action='store_true', help='multiply in bfloat16: twice as fast on a CPU that has it')
    p.add_argument('--hidden', type=int, default=192)
    p.add_argument('--layers', type=int, default=6)
    p.add_argument('--ffn', type=int, default=448)
    p.add_argument('--from', dest='start', help='state.pt of an earlier run to go on from')
    p.add_argument('--seed', type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    random.seed(a.seed)
    config = dict(architectures=['MiMoForCausalLM'], model_type='mimo', hidden_size=a.hidden, num_hidden_layers=a.layers,
                  num_attention_heads=a.hidden // 32, num_key_value_heads=2, head_dim=32, intermediate_size=a.ffn,
                  vocab_size=4096, rope_theta=10000.0, max_position_embeddings=4096, rms_norm_eps=1e-5,
                  tie_word_embeddings=True, attention_bias=True, hidden_act='silu', num_nextn_predict_layers=0,
                  eos_token_id=4093, bos_token_id=4091)
    model = Model(config)
    if a.start:
        model.load_state_dict(torch.load(a.start))
    decay = [p for p in model.parameters() if p.dim() == 2]
    plain = [p for p in model.parameters() if p.dim() != 2]
    optimiser = torch.optim.AdamW([dict(params=decay, weight_decay=0.05), dict(params=plain, weight_decay=0.0)],
                                  lr=a.rate, betas=(0.9, 0.98))
    train, held = read(os.path.join(a.data, 'train.bin')), read(os.path.join(a.data, 'held.bin'))
    print(f'{sum(p.numel() for p in model.parameters())} parameters, {len(train)} examples', flush=True)
    start, step, seen, epoch, shown, average = time.time(), 0, 0, 0, time.time(), 0.0
    share = 0.0
    os.makedirs(a.out, exist_ok=True)
    while share < 1:
        random.shuffle(train)
        epoch += 1
        for at in range(0, len(train), a.batch * 64):
            window = sorted(train[at:at + a.batch * 64], key=lambda e: len(e[0]) + len(e[1]))
            parts = [window[i:i + a.batch] for i in range(0, len(window), a.batch)]
            random.shuffle(parts)
            for part in parts:
                share = min(1.0, (time.time() - start) / (60 * a.minutes))
                rate = a.rate * min(1.0, (step + 1) / 100) * (0.5 * (1 + math.cos(math.pi * share)) * 0.98 + 0.02)
                for group in optimiser.param_groups:
                    group['lr'] = rate
                tokens, wanted, targets = batch(part)
                with torch.autocast('cpu', dtype=torch.bfloat16, enabled=a.bf16):
                    logits = model(tokens, wanted, a.drop)
                loss = F.cross_entropy(logits.float(), targets)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimiser.step()
                step += 1
                seen += sum(len(p) + len(x) for p, x in part)
                average = loss.item() if step == 1 else 0.98 * average + 0.02 * loss.item()
                if share >= 1:
                    break
            if time.time() - shown > 120 or share >= 1:
                shown = time.time()
                right, held_loss = exact(model, held[:1000])
                print(f'{(time.time() - start) / 60:6.1f} min  step {step}  epoch {epoch}  tokens {seen / 1e6:.2f} M  '
                      f'rate {rate:.1e}  loss {average:.4f}  held loss {held_loss:.4f}  held exact {right:.3f}', flush=True)
                torch.save(model.state_dict(), os.path.join(a.out, 'state.pt'))
                export(model, a.out, a.data)
            if share >= 1:
                break
    right, held_loss = exact(model, held)
    print(f'done: {seen} tokens, {step} steps, {(time.time() - start) / 60:.1f} min, held exact {right:.4f} of {len(held)}')


if __name__ == '__main__':
    main()
